-- breach: auth/maker-checker
UPDATE payment SET status = 'APPROVED', approved_by = :approver WHERE id = :id;
