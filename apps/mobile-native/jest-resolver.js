/** How jest finds what the screens and the client import. */
const { isOfOutside } = require("./packages.cjs");

module.exports = (name, options) =>
  options.defaultResolver(name, isOfOutside(name, options.basedir) ? { ...options, basedir: __dirname } : options);
