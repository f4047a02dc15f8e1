/** How Metro finds the screens and the client of the graph. */
const { join } = require("node:path");
const { getDefaultConfig } = require("expo/metro-config");
const { isOfOutside } = require("./packages.cjs");

const config = getDefaultConfig(__dirname);
const client = join(__dirname, "../shared/client");

config.watchFolders = [join(__dirname, "../mobile"), client];
config.resolver.extraNodeModules = { "@petplus/client": client };
config.resolver.resolveRequest = (context, name, platform) => {
  const own = { ...context, originModulePath: join(__dirname, "index.ts") };
  return context.resolveRequest(isOfOutside(name, context.originModulePath) ? own : context, name, platform);
};

module.exports = config;
