"""Inputs of updates: a field that is left out stays as it is, and null removes its value where there may be none.

A field of such an input has the default `UNSET`, which is not written into the schema: with `= null` there, the router
would send null for each field that the client has left out.
"""

import dataclasses
from collections.abc import Collection

from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from shared.core.validation import Checks

_NOT_CHANGED = {"id", "version"}
"""What an input names the object and its version by."""


class UpdateInput:
    """An input whose fields, but for `id` and `version`, are changes.

    Each is declared `name: str | None = strawberry.field(default=UNSET)`.
    """

    def changes(self, checks: Checks, *, removable: Collection[str] = ()) -> dict[str, object]:
        """Return what was sent, by the names of the fields in Python.

        Refuses null in fields that are not `removable` (`REQUIRED`), and an input without any change
        (`NOTHING_TO_CHANGE`). The values are not checked further.
        """
        fields = dataclasses.fields(self)  # type: ignore[arg-type]  # (Strawberry makes inputs dataclasses)
        names = [field.name for field in fields if field.name not in _NOT_CHANGED]
        sent = {name: value for name in names if (value := getattr(self, name)) is not UNSET}
        for name, value in sent.items():
            if value is None and name not in removable:
                message = "This cannot be removed: send a value, or leave the field out."
                checks.refuse(to_camel_case(name), "REQUIRED", message)
        if not sent:
            checks.refuse(to_camel_case(names[0]), "NOTHING_TO_CHANGE", "Send at least one field to change.")
        return sent
