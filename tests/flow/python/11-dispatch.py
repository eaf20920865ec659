class Shape:
    def text(self, value):
        return value

    def show(self, value):
        return self.text(value)


class Hidden(Shape):
    def text(self, value):
        return "*"


class Loud(Shape):
    def text(self, value):
        return super().text(value) + "!"


def chosen(tainted):
    sink(Shape().show(tainted))  # flow
    sink(Hidden().show(tainted))  # no flow
    sink(Loud().show(tainted))  # flow


class Left:
    def name(self, value):
        return value


class Right:
    def name(self, value):
        return "right"


class Both(Left, Right):
    pass


class Other(Right, Left):
    pass


def order(tainted):
    sink(Both().name(tainted))  # flow
    sink(Other().name(tainted))  # no flow


def ducks(tainted):
    for duck in (Left(), Right()):
        if isinstance(duck, Right):
            sink(duck.name(tainted))  # no flow
