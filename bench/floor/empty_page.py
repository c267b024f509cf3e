"""The least a click can cost: a page that only counts clicks."""

import streamlit as st


def count() -> None:
    st.session_state["clicks"] = st.session_state.get("clicks", 0) + 1


st.html(f"<p class='clicks'>{st.session_state.get('clicks', 0)}</p>")
st.button("Next", key="next", on_click=count)
