"""Reading customers out of tables that others have written: workbooks, CSV, cards, JSON lines."""
