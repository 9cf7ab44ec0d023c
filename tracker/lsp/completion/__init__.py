"""What is offered while a record is typed."""
