"""What each QTI expression does, one table a family; `expressions` joins the tables."""
