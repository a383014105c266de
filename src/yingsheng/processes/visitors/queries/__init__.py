"""Reading passes, visitors, deposits, the week and the month."""
