import { Router } from 'express';

export const router: Router = Router();

// breach: auth/missing-authorization
router.put('/limits/:customerNo', async (req: Request, res: Response) => limits.change(req, res));

// breach: auth/missing-authorization
router.post('/cards/:id/unblock', unblockCard);

// near-miss: a permission stands before the handler
router.post('/limits/:customerNo/raise', may('LIMIT_RAISE'), raiseLimit);

// near-miss: a callback verifies a signature
router.post('/callback/clearing', clearingResult);
