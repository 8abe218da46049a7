# `nix run "git+ADDRESS?dir=linter/docs/integrations/nix" -- check`, with the address of the
# repository.
{
  description = "Shows where Docker Compose files and Dockerfiles can isolate containers better";

  inputs.nixpkgs.url = "nixpkgs";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forEach = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEach (pkgs: {
        default = pkgs.python3Packages.buildPythonApplication {
          pname = "tightship";
          version = "0.1.0";
          pyproject = true;
          src = ../../../..;
          build-system = [ pkgs.python3Packages.hatchling ];
          dependencies = with pkgs.python3Packages; [ pyyaml ruamel-yaml ];
          pythonImportsCheck = [ "tightship" ];
          meta = {
            description = "Shows where Docker Compose files and Dockerfiles can isolate containers better";
            license = pkgs.lib.licenses.mit;
            mainProgram = "tightship";
          };
        };
      });
    };
}
