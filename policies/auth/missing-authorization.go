package web

func routes(router *gin.Engine) {
	// breach: auth/missing-authorization
	router.POST("/accounts/:id/freeze", freezeAccount)
	// breach: auth/missing-authorization
	router.PUT("/limits/:customerNo", func(c *gin.Context) { changeLimit(c) })
	// near-miss: a permission stands before the handler
	router.POST("/accounts/:id/unfreeze", may("OPS_FREEZE"), unfreezeAccount)
	// near-miss: nobody is signed in before the login
	router.POST("/login", openSession)
	// near-miss: reads only
	router.GET("/rates", listRates)
}
