/** Compiles the files of this project and of those beside it, as the preset that comes with Expo says. */
module.exports = (api) => {
  api.cache.forever();
  return { presets: [require.resolve("babel-preset-expo", { paths: [require.resolve("expo/package.json")] })] };
};
