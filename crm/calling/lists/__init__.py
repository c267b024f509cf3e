"""Call lists: which companies, with which script, by whom, and how far it is."""

from crm.calling.lists.changing import change_list, set_members, set_status
from crm.calling.lists.choosing import ListPreview, preview
from crm.calling.lists.live import ListChange, ListFrozen, lists_to_update, update_list
from crm.calling.lists.making import ListNameTaken, NoNameToCall, NothingToCall, make_list, make_named_list
from crm.calling.lists.members import NotACaller, callers
from crm.calling.lists.names import (
    NamedLine,
    choose_name,
    forget_lines_about,
    forget_names,
    keep_names,
    my_names,
    named_lines,
)
from crm.calling.lists.overview import AboutList, ListPage, ListRow, about_list, call_lists, list_progress

__all__ = [
    "AboutList",
    "ListChange",
    "ListFrozen",
    "ListNameTaken",
    "ListPage",
    "ListPreview",
    "ListRow",
    "NamedLine",
    "NoNameToCall",
    "NotACaller",
    "NothingToCall",
    "about_list",
    "call_lists",
    "callers",
    "change_list",
    "choose_name",
    "forget_lines_about",
    "forget_names",
    "keep_names",
    "list_progress",
    "lists_to_update",
    "make_list",
    "make_named_list",
    "my_names",
    "named_lines",
    "preview",
    "set_members",
    "set_status",
    "update_list",
]
