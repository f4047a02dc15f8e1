/** Draws the screens as devices do. */
module.exports = {
  preset: "jest-expo",
  roots: ["<rootDir>/src", "<rootDir>/../mobile/src", "<rootDir>/../shared/client/src"],
  testMatch: ["<rootDir>/src/**/*.test.tsx"],
  resolver: "<rootDir>/jest-resolver.js",
  moduleNameMapper: { "^@petplus/client$": "<rootDir>/../shared/client/src/index.ts" },
};
