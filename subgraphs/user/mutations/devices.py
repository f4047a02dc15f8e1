"""Root fields about devices that get push messages, each below what it answers."""

from typing import Annotated, TypeAlias

import strawberry

from shared.graph.access import OWN, signed_in
from shared.graph.context import Info
from shared.graph.problems import InvalidInputProblem, NotFoundProblem, UnauthenticatedProblem
from subgraphs.user.inputs import DeviceRegisterInput, DeviceUnregisterInput
from subgraphs.user.service import devices
from subgraphs.user.types import Device


@strawberry.type(description="The app gets push messages from now on.")
class DeviceRegisterSuccess:
    device: Device = strawberry.field(description="The device of the session.")


DeviceRegisterResult: TypeAlias = Annotated[
    DeviceRegisterSuccess | InvalidInputProblem | UnauthenticatedProblem | NotFoundProblem,
    strawberry.union("DeviceRegisterResult", description="The device, or why it was not registered."),
]


@strawberry.type(description="The device gets no push messages any more.")
class DeviceUnregisterSuccess:
    device_id: strawberry.ID = strawberry.field(description="The id that the device had.")


DeviceUnregisterResult: TypeAlias = Annotated[
    DeviceUnregisterSuccess | NotFoundProblem,
    strawberry.union("DeviceUnregisterResult", description="The former device, or why there is none."),
]


@strawberry.type
class DeviceMutations:
    @strawberry.mutation(
        description="Have the app that asks get push messages as long as its session lasts. Call it at each start of "
        "the app and with each new token: a session has one device, and another token takes the place of the former "
        "one. A user has at most 20; one more takes the place of the one that registered first.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def device_register(
        self, info: Info, input: Annotated[DeviceRegisterInput, strawberry.argument(description="The app.")]
    ) -> DeviceRegisterResult:
        row = await devices.register_device(info.context.database, info.context.viewer, input)
        return DeviceRegisterSuccess(device=Device.from_row(row))

    @strawberry.mutation(
        description="Have one of the viewer's own devices get no push messages any more; its session continues.",
        extensions=signed_in(),
        metadata=OWN,
    )
    async def device_unregister(
        self, info: Info, input: Annotated[DeviceUnregisterInput, strawberry.argument(description="The device.")]
    ) -> DeviceUnregisterResult:
        await devices.unregister_device(info.context.database, info.context.user_id, input.id)
        return DeviceUnregisterSuccess(device_id=input.id)
