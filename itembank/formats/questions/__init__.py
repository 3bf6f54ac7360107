"""What readers of question formats share: texts to clean HTML, names to codes, questions to items with their notes."""
