"""Call lists: which companies, with which script, by whom, and how far it is."""

from crm.calling.lists.changing import change_list, set_members, set_status
from crm.calling.lists.choosing import ListPreview, preview
from crm.calling.lists.live import ListChange, ListFrozen, is_outdated, lists_to_update, mark_up_to_date, update_list
from crm.calling.lists.making import ListNameTaken, NothingToCall, make_list
from crm.calling.lists.members import NotACaller, callers
from crm.calling.lists.overview import ListPage, ListRow, call_lists, list_progress

__all__ = [
    "ListChange",
    "ListFrozen",
    "ListNameTaken",
    "ListPage",
    "ListPreview",
    "ListRow",
    "NotACaller",
    "NothingToCall",
    "call_lists",
    "callers",
    "change_list",
    "is_outdated",
    "list_progress",
    "lists_to_update",
    "make_list",
    "mark_up_to_date",
    "preview",
    "set_members",
    "set_status",
    "update_list",
]
