"""Requests name exactly one route; errors carry the name by which clients know them."""

from typing import Callable


class InvalidInputError(Exception):
    """The request is not what the interface says."""


class DoesNotExistError(Exception):
    """What the request names is not there."""


def dispatch(event: object, routes: dict[str, Callable[[dict], object]]) -> object:
    """Calls the one route that the event names. Unknown keys and nulls do not count; the case of names does not matter."""
    if not isinstance(event, dict):
        raise InvalidInputError("the request must be a JSON object")
    known = {name.lower(): route for name, route in routes.items()}
    named = {name.lower(): value for name, value in event.items() if value is not None and name.lower() in known}
    if len(named) != 1:
        found = ", ".join(sorted(named)) or "none"
        raise InvalidInputError(f"exactly one route must be specified; found {found}")
    (name, parameters), = named.items()
    if not isinstance(parameters, dict):
        raise InvalidInputError(f"the parameters of {name} must be a JSON object")
    return known[name](parameters)


def required(parameters: dict, name: str) -> str:
    """A parameter that must be there, in any case of its name."""
    value = next((value for key, value in parameters.items() if key.lower() == name.lower()), None)
    if not value:
        field = name[0].upper() + name[1:]
        raise InvalidInputError(f"{field} invalid, failed to satisfy the condition: required")
    return value
