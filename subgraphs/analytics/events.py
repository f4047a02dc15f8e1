"""What happened to experiments. The only file of this room that another room may import."""

from shared.events import Event


class ExperimentCreated(Event, type="experiment.created", aggregate="experiment_id"):
    """An experiment was drafted."""

    experiment_id: str
    key: str


class ExperimentStarted(Event, type="experiment.started", aggregate="experiment_id"):
    """An experiment began to assign subjects."""

    experiment_id: str
    key: str


class ExperimentStopped(Event, type="experiment.stopped", aggregate="experiment_id"):
    """An experiment ended for good."""

    experiment_id: str
    key: str
