"""One module a format of `tracker export`; `tracker.exchange.export` names them."""
