"""Reads expressions and the rules of response, template and outcome processing."""

from typing import Final

from lxml import etree

from cbt.kernel.errors import Problem
from itembank.core.qti.calls import Expression
from itembank.core.qti.expressions import CUSTOM
from itembank.core.qti.processing import Branch, Condition, Constraint, Leave, LookUp, Rule, SetValue, Target
from itembank.formats.qti.elements import attribute, attributes, children, line_of, name_of, problem

_CONDITIONS: Final = frozenset({"response-condition", "template-condition", "outcome-condition"})
_FRAGMENTS: Final = frozenset({"response-processing-fragment", "outcome-processing-fragment"})
_EXITS: Final = frozenset({"exit-response", "exit-template", "exit-test"})
_TARGETS: Final = {target.value: target for target in Target}


def read_expression(element: etree._Element) -> Expression:
    """Return the expression; what it cannot be is found by the core's check, vendor code is not looked into."""
    name = name_of(element)
    inner = () if name == CUSTOM else tuple(read_expression(child) for child in children(element))
    return Expression(
        name=name, attributes=attributes(element), operands=inner, text=element.text or "", line=line_of(element)
    )


class RuleReader:
    """Reads rules one after the other and keeps what it could not read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def read_all(self, elements: tuple[etree._Element, ...]) -> tuple[Rule, ...]:
        """Return the rules of `elements`, in their order."""
        return tuple(rule for element in elements for rule in self._read(element))

    def _read(self, element: etree._Element) -> tuple[Rule, ...]:
        name = name_of(element)
        if name in _FRAGMENTS:
            return self.read_all(children(element))
        if name in _EXITS:
            return (Leave(),)
        if name in _CONDITIONS:
            return (self._condition(element, name.removesuffix("-condition")),)
        if name in _TARGETS or name in {"lookup-outcome-value", "template-constraint"}:
            return self._with_expression(element, name)
        self._refuse(element, "unknown-rule", "is no rule of QTI")
        return ()

    def _with_expression(self, element: etree._Element, name: str) -> tuple[Rule, ...]:
        inner = children(element)
        if len(inner) != 1:
            self._refuse(element, "wrong-operands", f"takes 1 expression, not {len(inner)}")
            return ()
        identifier, line, expression = attribute(element, "identifier"), line_of(element), read_expression(inner[0])
        if name == "template-constraint":
            return (Constraint(expression=expression),)
        if name == "lookup-outcome-value":
            return (LookUp(identifier=identifier, expression=expression, line=line),)
        return (SetValue(target=_TARGETS[name], identifier=identifier, expression=expression, line=line),)

    def _condition(self, element: etree._Element, prefix: str) -> Condition:
        branches: list[Branch] = []
        for place, child in enumerate(children(element)):
            kind = name_of(child).removeprefix(prefix + "-")
            fits = {"if": place == 0, "else-if": place > 0, "else": place > 0}.get(kind, False)
            if not fits or (branches and branches[-1].test is None):
                self._refuse(child, "misplaced", f"does not belong here in qti-{prefix}-condition")
                continue
            branches.append(self._branch(child, tested=kind != "else"))
        return Condition(branches=tuple(branches))

    def _branch(self, element: etree._Element, *, tested: bool) -> Branch:
        inner = children(element)
        if tested and not inner:
            self._refuse(element, "wrong-operands", "needs an expression")
            return Branch(test=Expression(name="null"), rules=())
        test = read_expression(inner[0]) if tested else None
        return Branch(test=test, rules=self.read_all(inner[1:] if tested else inner))

    def _refuse(self, element: etree._Element, code: str, hint: str) -> None:
        self.problems.append(problem(element, code, hint))
