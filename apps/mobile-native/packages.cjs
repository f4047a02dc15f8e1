/**
 * The screens and the client are outside of this project, beside the modules of the other apps. What they import are
 * this project's modules all the same: there must be one React, of the version that react-native has.
 */
const { sep } = require("node:path");

/** Whether a module is imported by name, from a file outside. */
exports.isOfOutside = (name, from) => !name.startsWith(".") && !`${from}${sep}`.startsWith(`${__dirname}${sep}`);
