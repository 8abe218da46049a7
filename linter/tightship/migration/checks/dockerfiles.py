"""The checks of hadolint 2.15 and of BuildKit."""

from __future__ import annotations

HADOLINT = """
DL1001 | a comment that ignores findings | comment
DL3000 | a relative WORKDIR |
DL3001 | commands without a use in a container | tool
DL3002 | root as the last user |
DL3003 | `cd` in RUN | style
DL3004 | `sudo` |
DL3006 | a base image without a tag |
DL3007 | a base image with the tag `latest` |
DL3008 | `apt-get install` without versions | pins
DL3009 | lists of apt left in the image | size
DL3010 | COPY of an archive that ADD could unpack | size
DL3011 | an invalid port |
DL3012 | several HEALTHCHECKs |
DL3013 | `pip install` without versions | pins
DL3014 | `apt-get install` without `-y` |
DL3015 | `apt-get install` with recommended packages | size
DL3016 | `npm install` without versions | pins
DL3018 | `apk add` without versions | pins
DL3019 | `apk add` without `--no-cache` | size
DL3020 | ADD where COPY is enough |
DL3021 | several sources, and a destination without a final slash |
DL3022 | COPY from a stage that is not defined above |
DL3023 | COPY from its own stage |
DL3024 | a duplicate stage name |
DL3025 | CMD or ENTRYPOINT in shell form |
DL3026 | an image from a registry that is not trusted |
DL3027 | `apt` in place of `apt-get` | tool
DL3028 | `gem install` without versions | pins
DL3029 | a constant `--platform` in FROM |
DL3030 | `yum install` without `-y` |
DL3032 | caches of yum left in the image | size
DL3033 | `yum install` without versions | pins
DL3034 | `zypper` without its non-interactive switch |
DL3035 | `zypper dist-upgrade` | pins
DL3036 | caches of zypper left in the image | size
DL3037 | `zypper install` without versions | pins
DL3038 | `dnf install` without `-y` |
DL3040 | caches of dnf left in the image | size
DL3041 | `dnf install` without versions | pins
DL3042 | caches of pip left in the image | size
DL3043 | instructions that ONBUILD cannot hold |
DL3044 | an ENV that reads a variable that it sets itself |
DL3045 | COPY to a relative path without WORKDIR |
DL3046 | `useradd` with a high id and without `-l` |
DL3047 | `wget` without a progress option | tool
DL3048 | a label key that is invalid | label
DL3049 | a required label is missing | label
DL3050 | a label that no schema has | label
DL3051 | an empty label | label
DL3052 | a label that is no URL | label
DL3053 | a label that is not a time | label
DL3054 | a label that is no SPDX license | label
DL3055 | a label that is no Git hash | label
DL3056 | a label that is not a semantic version | label
DL3057 | no HEALTHCHECK |
DL3058 | a label that is not an email address | label
DL3059 | several RUN instructions in a row | parts
DL3060 | caches of yarn left in the image | size
DL3061 | an instruction before the first FROM |
DL3062 | `go install` without a version | pins
DL3063 | a reserved word as the name of a stage |
DL3064 | secrets in ARG and ENV |
DL3065 | a redundant `--platform` in FROM |
DL3066 | a user by name |
DL3067 | COPY of a whole file system |
DL4000 | MAINTAINER |
DL4001 | both wget and curl | tool
DL4003 | several CMDs |
DL4004 | several ENTRYPOINTs |
DL4005 | a link in place of `/bin/sh` | tool
DL4006 | a pipe without `pipefail` |
"""

BUILDKIT = """
buildkit:ConsistentInstructionCasing | instructions in different cases |
buildkit:CopyIgnoredFile | COPY of a file that `.dockerignore` excludes |
buildkit:DuplicateStageName | a duplicate stage name |
buildkit:ExposeInvalidFormat | a host port or an address in EXPOSE |
buildkit:ExposeProtoCasing | a protocol in capitals |
buildkit:FromAsCasing | FROM and AS in different cases |
buildkit:FromPlatformFlagConstDisallowed | a constant `--platform` in FROM |
buildkit:InvalidBaseImagePlatform | a base image of another platform | registry
buildkit:InvalidDefaultArgInFrom | an ARG with a default that is no valid image name |
buildkit:InvalidDefinitionDescription | a comment above a stage or an ARG | comment
buildkit:JSONArgsRecommended | CMD or ENTRYPOINT in shell form |
buildkit:LegacyKeyValueFormat | ENV and LABEL without `=` |
buildkit:MaintainerDeprecated | MAINTAINER |
buildkit:MultipleInstructionsDisallowed | several CMDs, ENTRYPOINTs or HEALTHCHECKs |
buildkit:NoEmptyContinuation | a blank line within an instruction |
buildkit:RedundantTargetPlatform | a redundant `--platform` in FROM |
buildkit:ReservedStageName | a reserved word as the name of a stage |
buildkit:SecretsUsedInArgOrEnv | secrets in ARG and ENV |
buildkit:StageNameCasing | a stage name in capitals |
buildkit:UndefinedArgInFrom | FROM with an ARG that is not declared |
buildkit:UndefinedVar | a variable that is not defined |
buildkit:WorkdirRelativePath | a relative WORKDIR |
"""
