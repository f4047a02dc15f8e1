"""What happened to experiments and exports. The only file of this subgraph that another subgraph may import."""

from shared.events.event import Event


class ExperimentCreated(Event, type="experiment.created", aggregate="experiment_id"):
    """An experiment was drafted."""

    experiment_id: str
    key: str


class ExperimentUpdated(Event, type="experiment.updated", aggregate="experiment_id"):
    """A draft of an experiment was changed; `fields` names what."""

    experiment_id: str
    key: str
    fields: list[str]


class ExperimentStarted(Event, type="experiment.started", aggregate="experiment_id"):
    """An experiment began to assign subjects."""

    experiment_id: str
    key: str


class ExperimentStopped(Event, type="experiment.stopped", aggregate="experiment_id"):
    """An experiment ended for good."""

    experiment_id: str
    key: str


class ExportCreated(Event, type="export.created", aggregate="export_id"):
    """A member of the staff asked for a file of events."""

    export_id: str
    format: str


class ExportDownloaded(Event, type="export.downloaded", aggregate="export_id"):
    """Somebody began to fetch the file of an export: with their token, or with a link that was made for them."""

    export_id: str
