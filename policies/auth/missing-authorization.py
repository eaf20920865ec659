from fastapi import APIRouter, Depends

router = APIRouter()


@router.put("/limits/{customer_no}")
# breach: auth/missing-authorization
def change_limit(customer_no: str, command: LimitCommand):
    return limits.change(customer_no, command)


@router.post("/cards/{card_id}/unblock")
# breach: auth/missing-authorization
def unblock_card(card_id: str):
    return cards.unblock(card_id)


@router.post("/limits/{customer_no}/raise")
# near-miss: a permission is named
def raise_limit(customer_no: str, teller=Depends(require("limit.raise"))):
    return limits.raise_for(customer_no)


@router.post("/login")
# near-miss: nobody is signed in before the login
def login(credentials: Credentials):
    return sessions.open(credentials)


# near-miss: no endpoint
def recalculate(customer_no: str):
    return limits.recalculate(customer_no)
