"""What response variable an interaction asks for, where nobody declares it otherwise: QTI's usual types."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from itembank.core import interactions as qti
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration

_TYPES: Final[Mapping[type, BaseType]] = MappingProxyType(
    {
        qti.TextEntryInteraction: BaseType.STRING,
        qti.ExtendedTextInteraction: BaseType.STRING,
        qti.AssociateInteraction: BaseType.PAIR,
        qti.GraphicAssociateInteraction: BaseType.PAIR,
        qti.MatchInteraction: BaseType.DIRECTED_PAIR,
        qti.GapMatchInteraction: BaseType.DIRECTED_PAIR,
        qti.GraphicGapMatchInteraction: BaseType.DIRECTED_PAIR,
        qti.SelectPointInteraction: BaseType.POINT,
        qti.PositionObjectInteraction: BaseType.POINT,
        qti.SliderInteraction: BaseType.FLOAT,
        qti.UploadInteraction: BaseType.FILE,
        qti.DrawingInteraction: BaseType.FILE,
        qti.MediaInteraction: BaseType.INTEGER,
        qti.EndAttemptInteraction: BaseType.BOOLEAN,
    }
)
_MANY: Final = (qti.MatchInteraction, qti.GapMatchInteraction, qti.GraphicGapMatchInteraction)


def declaration_of(interaction: qti.Interaction) -> ResponseDeclaration:
    """Return the usual declaration of the interaction's response variable."""
    return ResponseDeclaration(
        identifier=interaction.response,
        cardinality=_cardinality(interaction),
        base_type=_TYPES.get(type(interaction), BaseType.IDENTIFIER),
    )


def _cardinality(interaction: qti.Interaction) -> Cardinality:
    match interaction:
        case qti.OrderInteraction() | qti.GraphicOrderInteraction():
            return Cardinality.ORDERED
        case qti.AssociateInteraction() | qti.GraphicAssociateInteraction():
            return _several(interaction.max_associations)
        case qti.ExtendedTextInteraction():
            return _several(interaction.max_strings)
        case _ if isinstance(interaction, _MANY):
            return Cardinality.MULTIPLE
        case _:
            return _several(getattr(interaction, "max_choices", 1))


def _several(most: int) -> Cardinality:
    return Cardinality.SINGLE if most == 1 else Cardinality.MULTIPLE
