router.get('/accounts/:id', requireUser, async (req, res) => {
  // breach: auth/record-ownership
  res.json(await Account.findById(req.params.id));
});

router.get('/my/accounts/:id', requireUser, async (req, res) => {
  // near-miss: the owner stands in the query
  res.json(await Account.findOne({ _id: req.params.id, owner: req.user.customerNo }));
});
