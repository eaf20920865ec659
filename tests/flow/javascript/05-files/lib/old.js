module.exports = {
  keep(text) {
    sink(text); // flow
  },
  drop(text) {
    sink('dropped'); // no flow
  },
};
