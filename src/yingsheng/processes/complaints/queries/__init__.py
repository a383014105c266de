"""Reading complaints: `explain` what would apply to one, `month` the figures of many."""
