"""The group of the item bank's commands."""

import click

from itembank.cli.drawing import draw_forms, save_blueprint
from itembank.cli.exporting import export_file
from itembank.cli.fairness import show_fairness
from itembank.cli.loading import import_file
from itembank.cli.looking import list_everything, show_item
from itembank.cli.parallel import show_capacity, show_parallel
from itembank.cli.scoring import score_item, walk_test


@click.group("itembank")
def itembank() -> None:
    """Banks, items, blueprints and draws."""


for _command in (
    import_file,
    export_file,
    save_blueprint,
    draw_forms,
    show_fairness,
    show_parallel,
    show_capacity,
    list_everything,
    show_item,
    score_item,
    walk_test,
):
    itembank.add_command(_command)
