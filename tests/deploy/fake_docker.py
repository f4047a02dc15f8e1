"""A stand-in for the `docker` command, by which `deploy/update` is tried without an engine.

`FAKE_DOCKER` names a file of JSON with the containers and what was done; a balancer knows a container as up a few
questions after it was started, if its version is not in `never_up`.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

QUESTIONS = 2
"""How often the balancer is asked before it knows a new container as up."""


def main(state: dict[str, Any], argv: list[str]) -> tuple[str, int]:
    """Carry out a command; returns what it prints and its status."""
    containers: dict[str, dict[str, Any]] = state["containers"]
    match argv:
        case ["compose", "ps", *options, service]:
            named = [name for name, each in containers.items() if each["service"] == service]
            return "\n".join(each for each in named if "--all" in options or containers[each]["running"]), 0
        case ["compose", "create", "--no-recreate", "--scale", scale, service]:
            wanted = int(scale.partition("=")[2]) - len(
                [1 for each in containers.values() if each["service"] == service]
            )
            for _ in range(wanted):
                state["made"] += 1
                made = {"service": service, "running": False, "version": version(), "asked": 0}
                containers[f"c{state['made']}"] = made | {"address": f"10.0.0.{state['made']}"}
        case ["compose", "exec", "-T", "balancer", *_]:
            return servers(state), 0
        case ["compose", "rm", *_, "migrate"]:
            state["containers"] = {name: each for name, each in containers.items() if each["service"] != "migrate"}
        case ["compose", "up", *_, "migrate"]:
            state["log"].append(f"migrate {version()}")
            containers["m"] = {"service": "migrate", "running": False, "version": version()}
        case ["wait", _]:
            return str(state["migrate_status"]), 0
        case ["inspect", "--format", template, name]:
            if "Networks" in template:
                return f"shop_shop {containers[name]['address']}", 0
            return f"registry/{name}:{containers[name]['version']}" if "Image" in template else "check", 0
        case ["exec", name, "check"]:
            return "", int(not containers[name]["running"])
        case ["start", name]:
            containers[name]["running"] = True
            log(state, "start", name)
        case ["stop", name]:
            containers[name]["running"] = False
            log(state, "stop", name)
        case ["rm", *_, name]:
            del containers[name]
        case ["logs", *_]:
            return "", 0
        case _:
            return f"unknown command: {argv}", 64
    return "", 0


def version() -> str:
    """Return the version that the environment file names."""
    lines = Path(os.environ["COMPOSE_ENV_FILES"]).read_text().splitlines()
    return next(line.partition("=")[2] for line in lines if line.startswith("PETPLUS_VERSION="))


def log(state: dict[str, Any], done: str, name: str) -> None:
    """Note what was done, and how many containers of the service the balancer then has."""
    containers = state["containers"]
    service, of_version = containers[name]["service"], containers[name]["version"]
    running = [each for each in containers.values() if each["service"] == service and each["running"]]
    up = 0 if service == "worker" else len([each for each in running if is_up(state, each)])
    state["log"].append(f"{done} {service} {of_version} up={up}")


def is_up(state: dict[str, Any], container: dict[str, Any]) -> bool:
    """Tell whether the balancer knows a container as up."""
    return container["asked"] >= QUESTIONS and container["version"] not in state["never_up"]


def servers(state: dict[str, Any]) -> str:
    """Return the state of all servers in HAProxy's form; those that are new are known a little better each time."""
    lines = ["1", "# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state …"]
    for each in state["containers"].values():
        if each["running"] and each["service"] != "worker":
            each["asked"] += 1
            known = "2 0 1 1 9 15 3" if is_up(state, each) else "2 0 1 1 9 8 2"
            service, address = each["service"], each["address"]
            backends = [service] if service == "router" else [service, f"{service}-connections"]
            more = f"3 7 0 0 0 {service} 4001 - 0 0"
            lines += [f"3 {backend} 1 {backend}1 {address} {known} {more}" for backend in backends]
    return "\n".join(lines)


if __name__ == "__main__":
    file = Path(os.environ["FAKE_DOCKER"])
    found = json.loads(file.read_text())
    printed, status = main(found, sys.argv[1:])
    file.write_text(json.dumps(found))
    if printed:
        sys.stdout.write(printed + "\n")
    sys.exit(status)
