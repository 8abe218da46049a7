"""Rules, and the names that a rule file may use: ``from tightship.rules import …``.

The module ``<language>/<theme>/<name>.py`` holds the rule ``<name>``. A run selects rules
in :mod:`tightship.rules.index`, and imports those whose subjects it meets.
"""
# pyright: reportUnusedImport=false

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ipaddress
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from typing import Any

    from tightship.commands import file_mode, package_files
    from tightship.commands.calls import Call, ScriptRun, may_have_input
    from tightship.commands.certificate_verification import CERTIFICATE_VERIFICATION, is_harmless
    from tightship.commands.control_flow import Effect, Flow
    from tightship.commands.download import Download, host as host_of_url, is_loopback_name
    from tightship.commands.file_writes import file_writes
    from tightship.commands.packages import PackageCommand
    from tightship.commands.program import Program, program_name
    from tightship.commands.remote_code import remote_code
    from tightship.commands.shell_builtins import BUILTINS, SUCCEEDING
    from tightship.commands.shell_states import ShellOptions
    from tightship.commands.signature_verification import SIGNATURE_VERIFICATION, may_install
    from tightship.commands.unverified_file import unverified_files
    from tightship.commands.unverifying_variables import accepts_any_certificate
    from tightship.commands.verification import deciding_checks
    from tightship.commands.verification_bypass import bypass_by_variable
    from tightship.config.key import Option, Options
    from tightship.findings import (
        ACCEPT_BY_PATH,
        Finding,
        Findings,
        Fix,
        Gap,
        Related,
        RuleReference,
        Severity,
        Suppression,
    )
    from tightship.frontends.compose.loading.fault import Fault, UnsetVariables
    from tightship.frontends.compose.project import ComposeFile, ComposeProject
    from tightship.frontends.compose.specification.violation import Violation
    from tightship.frontends.dockerfile.add_source import (
        may_be_archive,
        parse as parse_remote_source,
    )
    from tightship.frontends.dockerfile.argument import Argument, expand
    from tightship.frontends.dockerfile.build import Build, BuildContext, shipped_stages
    from tightship.frontends.dockerfile.file_modes import GrantedMode, granted_modes
    from tightship.frontends.dockerfile.image_environment import may_set
    from tightship.frontends.dockerfile.image_reference import ImageReference
    from tightship.frontends.dockerfile.kept_secrets import kept_secrets
    from tightship.frontends.dockerfile.server_software import server_words
    from tightship.frontends.dockerfile.stage import PLATFORM as PLATFORM_VARIABLES, Stage, is_long
    from tightship.frontends.dockerfile.steps import (
        Add,
        Arg,
        Cmd,
        Copy,
        Entrypoint,
        Env,
        Expose,
        FilesStep,
        Healthcheck,
        Label,
        Maintainer,
        Pair,
        PairsStep,
        Run,
        ScriptStep,
        ShellStep,
        Step,
        StopSignal,
        User,
        Volume,
        Workdir,
    )
    from tightship.frontends.dockerfile.variable import Read as VariableRead, Variable
    from tightship.frontends.dockerfile.variable_uses import (
        VariableUse,
        uses_in_word,
        variable_uses,
    )
    from tightship.frontends.dockerfile.verification_bypass import (
        adds_own_packages,
        verification_bypasses,
    )
    from tightship.isolation.accelerators import hook_note
    from tightship.isolation.accounts import VALUED_WHEN_CREATING, could_create
    from tightship.isolation.added_files import absolute_path, written_texts
    from tightship.isolation.base_image import could_have_user, likely_sets_user
    from tightship.isolation.buildable import Buildable
    from tightship.isolation.capabilities import TAKEOVER, AddedCapability, is_out_of_reach
    from tightship.isolation.capability_holders import hold_in
    from tightship.isolation.command import Flag as CommandFlag, commands_in
    from tightship.isolation.container import MOUNTING, Container
    from tightship.isolation.containers import advice_to_leave, best_fix
    from tightship.isolation.deciding import (
        DECIDING_KEYS,
        above_repository,
        deciding,
        unknown as unknown_values,
    )
    from tightship.isolation.default_secret import DefaultSecrets
    from tightship.isolation.devices import Device, DeviceKind, DeviceRule
    from tightship.isolation.entrypoint_script import Startup, started_scripts
    from tightship.isolation.gateway_mode import OpenGateway
    from tightship.isolation.hardening import hardenings
    from tightship.isolation.hidden_content import HidingTmpfs, hiding_tmpfs, tmpfs_mounts
    from tightship.isolation.hidden_program import hidden_program
    from tightship.isolation.host_access import of_privilege
    from tightship.isolation.host_path import (
        HostPath,
        classify,
        control_sockets,
        holds_secrets,
        is_docker,
        is_key,
        normalise,
        socket_at,
        socket_behind,
        socket_below,
    )
    from tightship.isolation.image_roles import is_socket_proxy, only_reads, opened_by
    from tightship.isolation.limits import number as limit_number
    from tightship.isolation.loaded_project import BuiltImage, LoadedProject, UnknownTarget
    from tightship.isolation.lost_hardening import LostHardening
    from tightship.isolation.mounts import Mount, by_link, led, standing_path
    from tightship.isolation.named_text import named_texts
    from tightship.isolation.namespaces import (
        ALL as ALL_PROFILES,
        ANY as ANY_PROFILES,
        Groups as ProfileGroups,
        joined_networks,
        profile_groups,
        real_name,
    )
    from tightship.isolation.needed_capabilities import (
        drop_all_but,
        needed_capabilities,
        runs_without_new_privileges,
    )
    from tightship.isolation.needed_limits import asked_heap, memory_limit, process_limit
    from tightship.isolation.ports import Port, may_be_reached
    from tightship.isolation.profile import GRADES, Profile, is_below
    from tightship.isolation.pulled_image import pulled_images
    from tightship.isolation.seccomp_profile import (
        RejectedProfile,
        SeccompProfile,
        named as named_calls,
        unread_profile,
        unreadable_profiles,
    )
    from tightship.isolation.security import (
        UNCONFINED_TYPES,
        split_option as split_security_option,
        switch as parse_switch,
    )
    from tightship.isolation.suggestion import (
        asked_for,
        documented_grant,
        in_place_of_privileged,
        mount_asked_for,
    )
    from tightship.isolation.user import (
        image_user,
        is_surely_another,
        is_surely_root,
        may_be_empty,
        name_of as user_name_of,
        names_root,
        powerful_groups,
        steps_down,
    )
    from tightship.isolation.weakness import HOST as HOST_POINTS
    from tightship.isolation.writable_paths import (
        missing_writable_paths,
        mount as mount_paths,
        needs_writable_root,
        unwritable_paths,
    )
    from tightship.lazy import regex
    from tightship.model.build import BuildSection
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.items import (
        Hook,
        Volume as ServiceVolume,
        devices as service_devices,
        hooks,
    )
    from tightship.model.project import Project
    from tightship.model.reading import Step as ProvenanceStep, resolve as resolve_path
    from tightship.model.setting import Pair as SettingPair, Setting
    from tightship.model.value import MappingValue, ScalarValue, SequenceValue, Value
    from tightship.rules.definition import Rule, rule
    from tightship.rules.end_of_life import ALLOWED, GRACE, what_ended
    from tightship.rules.example import Bad, Good, Unverified, Verified
    from tightship.rules.wording import (
        by_default,
        entitled,
        granted,
        in_later_build,
        passed,
        unknown_socket,
        with_defaults,
    )
    from tightship.scripts.snippet import ShellComment
    from tightship.syntax.dockerfile.edit import (
        insert_after,
        quoted,
        remove_flag,
        remove_instruction,
        respelled,
    )
    from tightship.syntax.dockerfile.heredoc import is_opener
    from tightship.syntax.dockerfile.instruction import FORMS as INSTRUCTION_FORMS
    from tightship.syntax.dockerfile.nodes import DockerfileProblem, Heredoc, Instruction, Word
    from tightship.syntax.dockerfile.words import quoted_words
    from tightship.syntax.shell.nodes import (
        Script as ShellScript,
        Simple as SimpleCommand,
        Word as ShellWord,
    )
    from tightship.syntax.shell.quote import content as word_content, joined_content
    from tightship.syntax.shell.text import UNKNOWN as UNKNOWN_TEXT, Text as ShellText
    from tightship.syntax.yaml import edit as yaml_edit
    from tightship.syntax.yaml.edit import Text as YamlText
    from tightship.syntax.yaml.nodes import (
        Mapping as YamlMapping,
        Node as YamlNode,
        Scalar as YamlScalar,
        Sequence as YamlSequence,
    )
    from tightship.syntax.yaml.remove import remove_entry, remove_item
    from tightship.text import Edit, Source, Span
    from tightship.values import engine_value
    from tightship.values.build_secret import (
        holds_secret as variable_holds_secret,
        names_secret,
        secret_part,
    )
    from tightship.values.capability import (
        DEFAULT_CAPABILITIES,
        MEANING as CAPABILITY_MEANING,
        closest as closest_capability,
        is_known as is_known_capability,
    )
    from tightship.values.device import is_rejected_rule
    from tightship.values.dockerignore import Dockerignore, Pattern as IgnorePattern
    from tightship.values.hole import has_hole, mask
    from tightship.values.image import (
        OFFICIAL_IMAGES,
        Image,
        floats as tag_floats,
        image_problem,
        parse as parse_image,
        split_registry,
        tagged,
    )
    from tightship.values.matching import Wildcard, closest, distance as edit_distance
    from tightship.values.mount import clean_path, parse_tmpfs
    from tightship.values.peer_id import FOR_ANY_LINTER
    from tightship.values.platform import names_of_platform, platform_problem
    from tightship.values.port import (
        CASSANDRA_JMX,
        DOCKER_PORT,
        exposed_ports,
        is_loopback,
        names_of,
        port_problem,
        sensitive_ports,
    )
    from tightship.values.process import SIGNALS, is_root as is_root_name, is_signal
    from tightship.values.registry import Registries
    from tightship.values.scalar import as_bool
    from tightship.values.secret import (
        TextFragment,
        is_placeholder_or_reference,
        known_token,
        known_tokens,
        looks_like_secret,
        secret_inside,
        url_credentials,
    )
    from tightship.values.secret_file import (
        HISTORY as HISTORY_FOLDER,
        IN_FOLDERS as SECRETS_IN_FOLDERS,
        VARIABLES_OF_SECRETS,
        holds_secret as text_holds_secret,
        may_have_values,
        secret_file,
        secret_place,
    )
    from tightship.values.secret_text import (
        ACCOUNT_FLAGS,
        GLUED as GLUED_PASSWORD,
        PASSWORD_FLAGS,
        given_password,
        header_secret,
    )
    from tightship.values.spdx import spdx_problem
    from tightship.values.variable import (
        ALWAYS_SET,
        Variable as TemplateVariable,
        parse as parse_template,
    )
else:
    from tightship.lazy import LazyModule

    def __getattr__(name: str) -> object:
        """Import one of the names above from its module, when a rule first asks for it.

        `make generate` copies them to the index: a run imports only what its rules use.
        """
        from tightship.rules.index import NAMES

        if name not in NAMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        path, is_other, own = NAMES[name].partition(":")
        if is_other and not own:
            return LazyModule(path)
        __import__(path)
        found = globals()[name] = getattr(sys.modules[path], own or name)
        return found


def every_rule() -> tuple[Rule, ...]:
    """Return all rules of all languages, in the order of the index."""
    from tightship.rules.index import INDEX

    return tuple(entry.load() for entry in INDEX)


def every_option() -> dict[str, tuple[Option[Any], ...]]:
    """Return the options of the rules that have any, by the name of the rule."""
    from tightship.rules.definition import known_rules

    return {one.name: one.load().options for one in known_rules() if one.has_options}
