"""What well-known images set in their environment, as far as Dockerfiles use it.

Facts from the Dockerfiles of Docker's official images, as of 2026, and of NVIDIA's.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.values.image import Image

_SET_BY = {
    "cuda": ("CUDA_VERSION", "LD_LIBRARY_PATH", "LIBRARY_PATH"),
    "golang": ("GOLANG_VERSION", "GOPATH", "GOTOOLCHAIN"),
    "httpd": ("HTTPD_PREFIX", "HTTPD_VERSION"),
    "jenkins": ("JENKINS_HOME", "JENKINS_VERSION", "JENKINS_UC", "REF", "JAVA_HOME"),
    "julia": ("JULIA_PATH", "JULIA_VERSION"),
    "nginx": ("NGINX_VERSION", "NJS_VERSION", "PKG_RELEASE"),
    "node": ("NODE_VERSION", "YARN_VERSION"),
    "perl": ("PERL_VERSION",),
    "php": ("PHP_INI_DIR", "PHP_VERSION", "PHPIZE_DEPS"),
    "postgres": ("PGDATA", "PG_MAJOR", "PG_VERSION", "LANG"),
    "python": ("PYTHON_VERSION", "PYTHON_SHA256", "GPG_KEY", "LANG"),
    "ruby": ("RUBY_VERSION", "GEM_HOME", "BUNDLE_APP_CONFIG", "LANG"),
    "rust": ("RUST_VERSION", "CARGO_HOME", "RUSTUP_HOME"),
    "tomcat": ("CATALINA_HOME", "TOMCAT_VERSION", "TOMCAT_MAJOR", "JAVA_HOME"),
}
_JAVA = ("JAVA_HOME", "JAVA_VERSION")
_JAVA_IMAGES = ("java", "jdk", "jre", "temurin", "corretto", "maven", "gradle", "jetty")


def may_set(image: Image | None, name: str) -> bool:
    """Return whether an image is known to set a variable, or probably does.

    Images that are made from a well-known one have its name in theirs, or in the tag:
    ``bitnami/node``, ``tomcat:11-jdk21``. A variable with the name of the image, such
    as ``SOLR_VERSION`` or ``SOLR_HOME``, is most likely set by it.
    """
    if name == "PATH":
        return True
    if image is None:
        return False
    title = image.name.lower()
    own = title.upper().replace("-", "_").replace(".", "_")
    if name in (f"{own}_VERSION", f"{own}_HOME"):
        return True
    if name in _JAVA:
        text = f"{image.repository}:{image.tag or ''}".lower()
        if any(part in text for part in _JAVA_IMAGES):
            return True
    return any(name in names for key, names in _SET_BY.items() if key in title)
