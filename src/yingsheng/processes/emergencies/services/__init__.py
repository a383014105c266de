"""The verbs of an emergency: registering, alarming, acting, telling, reporting, practising."""
