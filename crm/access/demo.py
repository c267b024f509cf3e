"""The invented people of the demo. They exist only in a demo database."""

DEMO_DOMAIN = "demo.kopkoffie.example"
DEMO_PASSWORD = "kopje-koffie-erbij"  # noqa: S105  shown on the sign-in page of a demo, so not a secret
