"""The key in files: made, certified, replaced, and never half of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from kiosk.documents.seal.keys import FileAttestKey, NoAttestKey, install, make_request
from kiosk.documents.seal_contract import AttestKey
from tests.documents.seal_rigs import NOW, Authority, make_authority, make_key, x509_kid


@pytest.fixture(scope="module")
def authority() -> Authority:
    return make_authority()


def certified(authority: Authority, folder: Path) -> bytes:
    """A certificate for a new key that waits in the folder."""
    key = x509.load_der_x509_csr(make_request(folder)).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return authority.certify(key)


def pair(folder: Path) -> Path:
    """The sub-folder in use."""
    return folder / (folder / "attest.current").read_text().strip()


def test_a_key_is_made_certified_and_used(authority: Authority, tmp_path: Path) -> None:
    folder = tmp_path / "attest"
    key: AttestKey = make_key(authority, folder=folder)
    loaded = FileAttestKey.load(folder)
    assert (loaded.certificate, loaded.chain, loaded.kid) == (key.certificate, (authority.der,), key.kid)
    assert loaded.kid == x509_kid(key.certificate)
    assert (loaded.valid_from, loaded.valid_to) == (NOW - timedelta(days=1), NOW + timedelta(days=59))
    assert loaded.valid_to.utcoffset() is not None
    public = x509.load_der_x509_certificate(loaded.certificate).public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(loaded.sign(b"message"), b"message", ec.ECDSA(SHA256()))


def test_only_the_owner_may_read_what_is_written(authority: Authority, tmp_path: Path) -> None:
    folder = tmp_path / "attest"
    before = os.umask(0)
    try:
        make_request(folder)
        waiting = (folder / "attest.key.new").stat().st_mode & 0o777
        make_key(authority, folder=folder)
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}
    assert (waiting, modes) == (0o600, {0o600})
    assert {folder.stat().st_mode & 0o777, pair(folder).stat().st_mode & 0o777} == {0o700}


def test_the_request_proves_that_the_key_is_here(tmp_path: Path) -> None:
    request = x509.load_der_x509_csr(make_request(tmp_path))
    assert request.is_signature_valid
    private = load_pem_private_key((tmp_path / "attest.key.new").read_bytes(), None)
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert request.public_key().public_bytes(*form) == private.public_key().public_bytes(*form)


def test_a_request_does_not_touch_the_key_in_use(authority: Authority, tmp_path: Path) -> None:
    first = make_key(authority, folder=tmp_path)
    make_request(tmp_path)
    assert FileAttestKey.load(tmp_path).certificate == first.certificate


def test_a_new_key_replaces_the_old_one_which_is_removed(authority: Authority, tmp_path: Path) -> None:
    first = make_key(authority, folder=tmp_path)
    second = make_key(authority, folder=tmp_path)
    assert first.kid != second.kid
    assert FileAttestKey.load(tmp_path).kid == second.kid
    assert {path.name for path in tmp_path.iterdir()} == {"attest.current", second.kid.hex()}


def test_a_key_keeps_itself_out_of_logs(authority: Authority) -> None:
    key = make_key(authority)
    assert "PrivateKey" not in repr(key)
    assert repr(key.certificate)[:20] not in repr(key)


def test_without_a_key_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoAttestKey, match="no key to seal attests with yet; the column gets one"):
        FileAttestKey.load(tmp_path)
    with pytest.raises(NoAttestKey, match="no such key; ask for a certificate first"):
        install(tmp_path, b"", ())


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (lambda folder: (pair(folder) / "attest.key").chmod(0o640), "mode 0640.*0600"),
        (lambda folder: (pair(folder) / "attest.key").chmod(0o604), "mode 0604.*0600"),
        (lambda folder: (pair(folder) / "attest.key").unlink(), "no such key"),
        (lambda folder: (pair(folder) / "attest.key").write_text("x"), "cannot be read"),
        (lambda folder: (pair(folder) / "attest.key").write_bytes(pem(ec.SECP384R1())), "right is P-256"),
        (lambda folder: (pair(folder) / "attest.key").write_bytes(pem(ec.SECP256R1())), "of another key"),
        (lambda folder: (pair(folder) / "attest.pem").unlink(), "attest.pem: it cannot be read"),
        (lambda folder: (pair(folder) / "attest.pem").write_text("x"), "attest.pem: it cannot be read"),
        (lambda folder: (folder / "attest.current").write_text("../elsewhere"), "does not name a key"),
        (lambda folder: (folder / "attest.current").write_bytes(b"\xff"), "cannot be read"),
        (lambda folder: (folder / "attest.current").write_text("0" * 16), "no such key"),
        (lambda folder: pair(folder).rename(folder / ("0" * 16)), "no such key"),
    ],
)
def test_files_that_do_not_fit_are_refused(
    spoil: Callable[[Path], object], names: str, authority: Authority, tmp_path: Path
) -> None:
    make_key(authority, folder=tmp_path)
    spoil(tmp_path)
    with pytest.raises(NoAttestKey, match=names):
        FileAttestKey.load(tmp_path)


def pem(curve: ec.EllipticCurve) -> bytes:
    """A key that does not belong there."""
    private = ec.generate_private_key(curve)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_a_certificate_that_does_not_fit_is_not_installed(authority: Authority, tmp_path: Path) -> None:
    old = make_key(authority, folder=tmp_path)
    foreign = make_key(authority).certificate
    mine = certified(authority, tmp_path)
    public = x509.load_der_x509_certificate(mine).public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    for certificate, chain, names in (
        (foreign, (authority.der,), "of another key"),
        (b"nothing", (authority.der,), "no certificate"),
        (mine, (make_authority().der,), "chain does not hold"),
        (mine, (mine,), "chain does not hold"),
        (mine, (b"nothing",), "in the chain"),
        (authority.certify(public, usage=False), (authority.der,), "does not allow signatures"),
    ):
        with pytest.raises(NoAttestKey, match=names):
            install(tmp_path, certificate, chain)
        assert FileAttestKey.load(tmp_path).kid == old.kid
    assert install(tmp_path, mine, (authority.der,)).kid == FileAttestKey.load(tmp_path).kid != old.kid


class PowerCut(BaseException):
    """The current is gone: nothing after it happens."""


@contextmanager
def power_cut_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cut the current before the next change of the disk once so many were made."""
    left = steps

    def counted(name: str, target: object) -> None:
        before = getattr(target, name)

        def step(*args: object, **kwargs: object) -> object:
            nonlocal left
            if left == 0:
                raise PowerCut
            left -= 1
            return before(*args, **kwargs)

        patch.setattr(target, name, step)

    with monkeypatch.context() as patch:
        for name, target in (
            ("mkdir", Path),
            ("replace", Path),
            ("unlink", Path),
            ("fsync", os),
            ("open", os),
            ("rmtree", shutil),
        ):
            counted(name, target)
        yield


def test_a_power_cut_leaves_the_old_pair_or_the_new_one(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    for steps in range(100):
        folder = tmp_path / str(steps)
        old = make_key(authority, folder=folder)
        certificate = certified(authority, folder)
        done = False
        try:
            with power_cut_after(steps, monkeypatch):
                install(folder, certificate, (authority.der,))
                done = True
        except PowerCut:
            pass
        loaded = FileAttestKey.load(folder)
        assert loaded.kid in (old.kid, x509_kid(certificate))
        seen.append("old" if loaded.kid == old.kid else "new")
        assert make_key(authority, folder=folder).kid == FileAttestKey.load(folder).kid
        assert {path.name for path in folder.iterdir()} == {"attest.current", FileAttestKey.load(folder).kid.hex()}
        if done:
            break
    assert seen == sorted(seen, key="old new".index)
    assert seen.count("old") > 8
    assert seen.count("new") > 3


def test_a_power_cut_while_asking_leaves_the_key_in_use(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_key(authority, folder=tmp_path)
    for steps in range(20):
        try:
            with power_cut_after(steps, monkeypatch):
                make_request(tmp_path)
                break
        except PowerCut:
            assert FileAttestKey.load(tmp_path).kid == old.kid
    assert steps > 4
    assert FileAttestKey.load(tmp_path).kid == old.kid
