CREATE PROCEDURE dbo.PostEntries @BatchId INT AS
BEGIN
  BEGIN TRY
    UPDATE dbo.Entry SET Posted = 1 WHERE BatchId = @BatchId;
  END TRY
  -- breach: error/hidden-plsql-error
  BEGIN CATCH
    INSERT INTO dbo.ErrorLog (Message) VALUES (ERROR_MESSAGE());
  END CATCH
END;
GO
CREATE PROCEDURE dbo.CloseDay @BatchId INT AS
BEGIN
  BEGIN TRY
    UPDATE dbo.Entry SET Posted = 1 WHERE BatchId = @BatchId;
  END TRY
  -- near-miss: thrown again after the rollback
  BEGIN CATCH
    IF XACT_STATE() <> 0 ROLLBACK TRANSACTION;
    THROW;
  END CATCH
END;
GO
DO $$
BEGIN
  PERFORM post_fees(current_date);
EXCEPTION
  -- breach: error/hidden-plsql-error
  WHEN OTHERS THEN
    NULL;
END $$;

DO $$
BEGIN
  CREATE TYPE entry_side AS ENUM ('D', 'C');
EXCEPTION
  -- near-miss: one expected outcome
  WHEN duplicate_object THEN NULL;
END $$;

CREATE FUNCTION safe_post(p_id bigint) RETURNS void AS $$
BEGIN
  PERFORM post_entry(p_id);
EXCEPTION
  -- near-miss: raised again
  WHEN OTHERS THEN
    INSERT INTO error_log (message) VALUES (SQLERRM);
    RAISE;
END;
$$ LANGUAGE plpgsql;
