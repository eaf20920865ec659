from django.views.decorators.csrf import csrf_exempt
from rest_framework.permissions import AllowAny, IsAuthenticated

# breach: auth/disabled-protection
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

# breach: auth/disabled-protection
WTF_CSRF_ENABLED = False
# near-miss: the protection is on
CSRF_ENABLED = True

REST_FRAMEWORK = {
    # breach: auth/disabled-protection
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
}


# breach: auth/disabled-protection
@csrf_exempt
def confirm_transfer(request):
    return do_transfer(request)


# breach: auth/disabled-protection
@method_decorator(csrf_exempt, name="dispatch")
class StandingOrderView(View):
    def post(self, request):
        return create(request)


# near-miss: the sender proves itself by signature
@csrf_exempt
def clearing_result(request):
    verify_signature(request)
    return record(request)


# near-miss: a callback of the card scheme
@csrf_exempt
def scheme_callback(request):
    return record(request)


class LimitView(APIView):
    # breach: auth/disabled-protection
    permission_classes = [AllowAny]

    def put(self, request):
        return change_limit(request)


class LoginView(APIView):
    # near-miss: nobody is signed in before the login
    permission_classes = [AllowAny]


class StatementView(APIView):
    # near-miss: a role is needed
    permission_classes = [IsAuthenticated]


def explain():
    # near-miss: a text that mentions it
    return "never use csrf_exempt on a posting view"
