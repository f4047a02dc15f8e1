"""Rules that no directive can state, for they depend on the row: whose it is, or what the caller knows.

The code that holds each stands where the row is read or changed. Here they are declared, so that the whole policy can
be printed (`petplus access`); a test holds the list complete, and the matrix in `tests/access` holds it true. So it is
with what subgraphs answer beside the graph.
"""

from shared.graph.access import ANYBODY, Rule

_OWN = Rule(signed_in=True, remark="for their own things")

ROOT_FIELDS: dict[str, Rule] = {
    "Query.me": Rule(remark="their own account"),
    "Query.user": Rule(signed_in=True, remark="field by field as below"),
    "Query.order": Rule(owner=True, scope="orders:read"),
    "Query.orderLookup": Rule(remark="who knows number and e-mail address"),
    "Query.orderStatus": Rule(remark="who knows number and e-mail address"),
    "Query.design": Rule(owner=True, scope="designs:read"),
    "Query.designs": _OWN,
    "Query.sharedDesign": Rule(remark="who holds the link's token"),
    "Query.preset": ANYBODY,
    "Query.presets": ANYBODY,
    "Query.product": ANYBODY,
    "Query.products": ANYBODY,
    "Query.productOptions": ANYBODY,
    "Query.priceQuote": ANYBODY,
    "Query.experimentVariant": Rule(
        owner=True, scope="analytics:read", remark="for a user's id; anybody for a visitor's"
    ),
    "Subscription.orderStatusChanged": Rule(
        owner=True, scope="orders:read", remark="or who holds the order's tracking token"
    ),
    "Mutation.accountRegister": ANYBODY,
    "Mutation.emailVerificationRequest": Rule(remark="who holds the receipt"),
    "Mutation.emailVerify": Rule(remark="who holds the mailed token"),
    "Mutation.sessionCreate": Rule(remark="who knows the password"),
    "Mutation.sessionRefresh": Rule(remark="who holds the refresh token"),
    "Mutation.passwordResetRequest": ANYBODY,
    "Mutation.passwordReset": Rule(remark="who holds the mailed token"),
    "Mutation.sessionRevoke": Rule(owner=True, scope="users:write"),
    "Mutation.sessionsRevokeAll": _OWN,
    "Mutation.passwordChange": _OWN,
    "Mutation.emailChange": _OWN,
    "Mutation.profileUpdate": _OWN,
    "Mutation.preferencesUpdate": _OWN,
    "Mutation.accountExport": _OWN,
    "Mutation.accountDelete": _OWN,
    "Mutation.designCreate": _OWN,
    "Mutation.designCreateFromPreset": _OWN,
    "Mutation.designCreateFromShare": Rule(signed_in=True, remark="who holds a copying link's token"),
    "Mutation.designUpdate": Rule(owner=True, scope="designs:write"),
    "Mutation.designDelete": Rule(owner=True, scope="designs:write"),
    "Mutation.designDuplicate": Rule(owner=True, scope="designs:read"),
    "Mutation.designShare": Rule(owner=True),
    "Mutation.designShareRevoke": Rule(owner=True, scope="designs:write"),
    "Mutation.orderCancel": Rule(owner=True, scope="orders:write"),
    "Mutation.orderReorder": Rule(owner=True),
    "Mutation.eventsTrack": ANYBODY,
    "Mutation.experimentAssign": Rule(
        owner=True, scope="analytics:write", remark="for a user's id; anybody for a visitor's"
    ),
}

ENTITIES: dict[str, Rule] = {
    "User": Rule(remark="the id alone; more field by field"),
    "Design": Rule(owner=True, scope="designs:read"),
    "Preset": ANYBODY,
    "Product": ANYBODY,
    "Order": Rule(owner=True, scope="orders:read"),
    "WebhookDelivery": Rule(scope="webhooks:read"),
    "Experiment": Rule(scope="analytics:read", remark="or who sees an assignment to it"),
    "Export": Rule(scope="analytics:read"),
    "AuditEntry": Rule(scope="audit:read"),
}

FIELDS: dict[str, Rule] = {
    "Design.shares": Rule(owner=True),
    "Design.stats": Rule(owner=True, scope="analytics:read"),
    "Design.orders": Rule(signed_in=True, remark="those orders that they may see"),
    "Order.notes": Rule(owner=True, scope="orders:read", remark="internal notes for `orders:read` alone"),
}

_PICTURE_OF_DESIGN = Rule(owner=True, scope="designs:read", remark="or who holds a `previewUrl` until it is over")
_SENDER = Rule(remark="who signs with the sender's secret")

ROUTES: dict[str, Rule] = {
    "GET /healthz": ANYBODY,
    "GET /ready": ANYBODY,
    "GET /metrics": ANYBODY,
    "GET /.well-known/jwks.json": ANYBODY,
    "GET /designs/{design_id}/preview.{form}": _PICTURE_OF_DESIGN,
    "GET /shared/{token}/preview.{form}": Rule(remark="who holds the link's token"),
    "GET /presets/{preset_id}/preview.{form}": ANYBODY,
    "GET /products/{product_id}/preview.{form}": ANYBODY,
    "GET /exports/{export_id}": Rule(scope="analytics:read", remark="or who holds a `downloadUrl` until it is over"),
    "POST /collect": Rule(remark="events of a user by that user alone"),
    "POST /webhooks/shopify/orders": _SENDER,
    "POST /webhooks/shopify/products": _SENDER,
    "POST /webhooks/stripe/payment": _SENDER,
    "POST /webhooks/internal": _SENDER,
}
