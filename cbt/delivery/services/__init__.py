"""Use cases of delivery: prepare papers, seat candidates, record entries, carry out orders, end what is overdue."""
