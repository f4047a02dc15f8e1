"""Tells whether a document asks for a field, so that what is large is read only for those who want it."""

from collections.abc import Mapping

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, SelectionNode

from shared.graph.context import Info


def is_selected(info: Info, name: str) -> bool:
    """Tell whether a field is selected anywhere below the one that is being resolved, be it under a condition.

    The answer is found once for a place in the document, whatever the number of parents.
    """
    resolved = info._raw_info
    key = (id(resolved.field_nodes[0]), name)
    known = info.context.asked.get(key)
    if known is None:
        known = any(_selects(node, resolved.fragments, name) for node in resolved.field_nodes)
        info.context.asked[key] = known
    return known


def _selects(
    node: SelectionNode | FragmentDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode], name: str
) -> bool:
    selections = getattr(node, "selection_set", None)
    for each in selections.selections if selections is not None else ():
        if isinstance(each, FieldNode) and each.name.value == name:
            return True
        if _selects(fragments[each.name.value] if isinstance(each, FragmentSpreadNode) else each, fragments, name):
            return True
    return False
