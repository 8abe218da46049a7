class Tightship < Formula
  include Language::Python::Virtualenv

  desc "Linter for the isolation of containers"
  homepage "https://example.org/OWNER/tightship"
  url "SOURCE_ADDRESS"
  sha256 "SOURCE_SHA256"
  license "MIT"

  depends_on "libyaml"
  depends_on "python@3.14"

  # `brew update-python-resources tightship` writes a resource for each of:
  # pyyaml>=6.0,<7, ruamel.yaml>=0.18,<0.20

  def install
    virtualenv_install_with_resources
  end

  test do
    (testpath/"compose.yaml").write <<~YAML
      services:
        web:
          image: nginx:1.29
          privileged: true
    YAML
    assert_match "[privileged-container]", shell_output("#{bin}/tightship check", 1)
  end
end
