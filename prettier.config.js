/** One formatting for the whole house; `npm run verify` checks it. */
export default { printWidth: 120, trailingComma: "all", proseWrap: "preserve" };
