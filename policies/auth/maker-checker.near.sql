UPDATE payment SET status = 'APPROVED', approved_by = :session_user
 -- near-miss: only another one's payment that still waits
 WHERE id = :id AND status = 'PENDING' AND maker <> :session_user;
