"""Views of a database file: the questions that are asked most, answered under a name.

They use nothing but SQL that any program with SQLite understands.
"""

from __future__ import annotations

VIEWS = {
    "overdue_customers": """
        SELECT id, name, owner, stage, level, days_overdue, next_date, next_method, next_text,
               value, currency
        FROM customers WHERE next_state = 'overdue'
        ORDER BY days_overdue DESC, id
    """,
    "stale_customers": """
        SELECT id, name, owner, stage, level, idle_days, idle_limit, last_contact, value, currency
        FROM customers WHERE stale
        ORDER BY idle_days DESC, id
    """,
    "open_promises": """
        SELECT commitments.due, commitments.state, commitments.days_late, commitments.text,
               commitments.who, customers.name AS customer_name, commitments.customer
        FROM commitments JOIN customers ON customers.id = commitments.customer
        WHERE NOT commitments.done
        ORDER BY commitments.due IS NULL, commitments.due, commitments.customer
    """,
    "pipeline": """
        SELECT stages.label AS stage, stages.kind, customers.currency,
               count(customers.id) AS customers, sum(customers.value) AS value,
               sum(customers.weighted_value) AS weighted_value
        FROM stages LEFT JOIN customers ON customers.stage_id = stages.id
        GROUP BY stages.position, customers.currency
        ORDER BY stages.position, customers.currency
    """,
    "people": """
        SELECT contacts.name, contacts.title, contacts.phone, contacts.email, contacts.wechat,
               customers.name AS customer_name, customers.owner, contacts.customer
        FROM contacts JOIN customers ON customers.id = contacts.customer
        ORDER BY customers.name, contacts.position
    """,
    "followups_by_month": """
        SELECT strftime('%Y-%m', date) AS month, who, method, count(*) AS followups,
               count(DISTINCT customer) AS customers
        FROM followups
        GROUP BY 1, 2, 3
        ORDER BY 1 DESC, 4 DESC
    """,
    "open_tickets": """
        SELECT tickets.opened_on, tickets.days_open, tickets.number, tickets.text,
               customers.name AS customer_name, customers.owner, tickets.customer
        FROM tickets JOIN customers ON customers.id = tickets.customer
        WHERE tickets.resolved_on IS NULL
        ORDER BY tickets.opened_on, tickets.customer
    """,
}
"""The query of each view by its name."""
