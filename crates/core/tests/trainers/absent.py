"""Stand-ins for what only a running training needs, so that a trainer's own data code can be imported without it.

Torch alone is larger than all the rest. `torch` gets the few functions on tensors that data code calls, done by NumPy;
every other name of an absent package is a placeholder: it can be a base class, a decorator, a type or a context, and fails where
its value is wanted. Each trainer's script lists what is absent for it.
"""

import functools
import importlib.abc
import importlib.machinery
import sys
import types

import numpy as np
import transformers.utils

# Asked before there is a stand-in, and remembered: transformers goes on without torch.
assert not transformers.utils.is_torch_available(), "these tests run without torch"


class Placeholder(type):
    """The type of placeholders. Any attribute, item or call of one is a placeholder again."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return placeholder(f"{cls.__name__}.{name}")

    def __getitem__(cls, item):
        return cls

    def __call__(cls, *values, **named):
        if not cls.__dict__.get("is_absent"):  # a class of the trainer's own, whose base is absent
            return super().__call__(*values, **named)
        if cls.__name__.rpartition(".")[2].startswith("is_"):  # is_available() and the like
            return False
        decorated = len(values) == 1 and not named and isinstance(values[0], (types.FunctionType, type))
        return values[0] if decorated else placeholder(f"{cls.__name__}()")

    def __or__(cls, other):
        return cls

    __ror__ = __or__

    def __enter__(cls):
        return cls

    def __exit__(cls, *error):
        return False

    def __bool__(cls):
        if not cls.__dict__.get("is_absent"):
            return True
        raise RuntimeError(f"{cls.__name__} is needed, but absent in this test")

    def __iter__(cls):
        raise RuntimeError(f"{cls.__name__} is needed, but absent in this test")


def placeholder(name):
    return Placeholder(name, (), {"is_absent": True})


class Absent(types.ModuleType):
    """A module in which every name is a placeholder."""

    __path__ = []
    __version__ = "9"  # new enough for whoever asks

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return placeholder(f"{self.__name__}.{name}")


class Tensor(np.ndarray):
    """A tensor as data code uses one."""

    device = "cpu"

    def numel(self):
        return self.size

    def to(self, *_, dtype=None, **__):
        return self if dtype is None else self.astype(dtype)

    def detach(self):
        return self

    cpu = detach


def tensor(values, dtype=None, **_):
    return np.asarray(values, dtype=dtype).view(Tensor)


def tensor_of(dtype):
    """A class, since it is also written as a type: `torch.LongTensor | None`."""

    class Typed(Tensor):
        def __new__(cls, values):
            return tensor(values, dtype)

    return Typed


def by_numpy(function):
    @functools.wraps(function)
    def call(*values, dim=None, device=None, **named):
        named.pop("as_tuple", None)
        if dim is not None:
            named["axis"] = dim
        return tensor(function(*values, **named))

    return call


TORCH = {
    "Tensor": Tensor,
    "IntTensor": tensor_of(np.int32),
    "LongTensor": tensor_of(np.int64),
    "BoolTensor": tensor_of(np.bool_),
    "tensor": tensor,
    "long": np.int64,
    "bool": np.bool_,
    "float": np.float32,
    "float32": np.float32,
    "equal": np.array_equal,
    **{name: by_numpy(getattr(np, name)) for name in ("ones_like", "zeros_like", "full", "zeros", "ones", "arange", "isin", "maximum")},
    "nonzero": by_numpy(np.argwhere),
    "cat": by_numpy(np.concatenate),
    "concat": by_numpy(np.concatenate),
}


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, packages, known):
        self.packages = packages
        self.known = known

    def find_spec(self, name, path=None, target=None):
        if any(name == package or name.startswith(f"{package}.") for package in self.packages):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Absent(spec.name)

    def exec_module(self, module):
        if module.__name__ == "torch":
            vars(module).update(TORCH)
        vars(module).update(self.known.get(module.__name__, {}))


def stand_in(*packages, known={}):
    """From now on torch and these packages (or modules) are stand-ins; `known` has the names that need a value."""
    sys.meta_path.insert(0, Finder(("torch", "accelerate", "peft", *packages), known))
