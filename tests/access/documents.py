"""What is asked and changed so that one customer has one of everything."""

FIND = """
query ($id: ID!) {
  me { sessions(first: 1) { nodes { id } } }
  user(id: $id) {
    email
    addresses { id }
    pets { id }
    cart { id lines { id } }
    orders(first: 50) {
      nodes {
        id number contactEmail status version
        lines { id design { id owner { id } } }
        shipments { id scans { id } }
        webhookDeliveries(first: 3) { nodes { id source } }
      }
    }
  }
  presets(first: 50) {
    nodes {
      id config { product size material primaryColor secondaryColor pattern hardware } product { id }
      drawn: config { layers { motif } }
    }
  }
  auditEntries(first: 1) { nodes { id } }
  orderFeedCursor webhookFeedCursor
}"""
LIVE = """
mutation ($design: ID!, $key: String!) {
  shared: designShare(input: { id: $design, mode: COPY }) { ... on DesignShareSuccess { token share { id } } }
  assigned: experimentAssign(input: { key: $key, attributes: { country: "DE" } }) { __typename }
  linked: visitorIdentify(input: { visitor: "the visitor that the owner was" }) { __typename }
  profileUpdate(input: { version: 1, avatarUrl: "https://pictures.example/clara.png" }) { __typename }
  preferencesUpdate(input: { version: 1, petBreed: "Whippet" }) { __typename }
  device: deviceRegister(input: { platform: IOS, pushToken: "Clara's push token" }) {
    __typename ... on DeviceRegisterSuccess { device { id } }
  }
}"""
SERVE = """
mutation ($order: ID!, $version: Int!, $other: ID!, $otherVersion: Int!, $shipment: ID!) {
  noted: orderNoteAdd(input: { orderId: $order, text: "Ring twice", visibility: CUSTOMER }) { __typename }
  refunded: orderRefund(input: { orderId: $order, version: $version, amount: "1.00", reason: "Late" }) { __typename }
  held: orderHold(input: { orderId: $other, version: $otherVersion }) { __typename }
  scanned: shipmentScanAdd(input: { shipmentId: $shipment, status: DELIVERED, description: "Here" }) { __typename }
}"""
TEST = """
mutation {
  running: experimentCreate(input: {
    key: "collars_first", name: "Collars first", hypothesis: "More collars are sold"
    variants: [{ key: "control", weight: 0.5 }, { key: "collars", weight: 0.5 }]
    namespace: { name: "home", start: 0, end: 1 }, targeting: [{ attribute: "country", anyOf: ["DE"] }]
  }) { ... on ExperimentCreateSuccess { experiment { id key } } }
  stopped: experimentCreate(input: {
    key: "beds_first", name: "Beds first", variants: [{ key: "control", weight: 0.5 }, { key: "beds", weight: 0.5 }]
  }) { ... on ExperimentCreateSuccess { experiment { id } } }
}"""
START = """
mutation ($running: ID!, $stopped: ID!, $version: Int!, $next: Int!) {
  running: experimentStart(input: { id: $running, version: $version }) { __typename }
  started: experimentStart(input: { id: $stopped, version: $version }) { __typename }
  stopped: experimentStop(input: { id: $stopped, version: $next }) { __typename }
}"""
LOOK_UP = """
query ($number: String!, $email: String!) { orderLookup(number: $number, email: $email) { trackingToken } }"""
SET_ROLES = """
mutation ($id: ID!, $version: Int!, $roles: [Role!]!) {
  userRolesSet(input: { userId: $id, version: $version, roles: $roles }) { __typename }
}"""
UPLOAD = """
mutation ($version: Int!) {
  avatarUpload(input: {
    version: $version
    image: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
  }) { ... on AvatarUploadSuccess { user { avatarUrl } } }
}"""
CHANGE_PASSWORD = """
mutation ($current: String!, $new: String!) {
  passwordChange(input: { currentPassword: $current, newPassword: $new }) { __typename }
}"""
EXPORT = """
mutation {
  exportCreate(input: { format: CSV, filter: { name: "experiment.created" } }) {
    __typename ... on ExportCreateSuccess { export { id } }
  }
}"""
REGISTER = """
mutation ($response: String!) {
  passkeyRegister(input: { response: $response, name: "Clara's telephone" }) {
    ... on PasskeyRegisterSuccess { passkey { id } }
  }
}"""
LOGIN = """
mutation ($response: String!) { passkeyLogin(input: { response: $response }) { __typename } }"""
