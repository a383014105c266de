"""Who works here and what each may do: sites, departments, posts, staff, roles, delegation."""
