;;; lsp-tightship.el --- Client of the language server Tightship -*- lexical-binding: t; -*-

;; Copyright (C) 2026 The Tightship authors
;; SPDX-License-Identifier: MIT
;; Keywords: languages, tools

;;; Commentary:

;; Shows where Docker Compose files and Dockerfiles can isolate containers better.
;; pip install 'tightship[lsp]'

;;; Code:

(require 'lsp-mode)

(defgroup lsp-tightship nil
  "Settings of the language server Tightship."
  :group 'lsp-mode
  :tag "Lsp Tightship")

(defcustom lsp-tightship-command '("tightship" "lsp")
  "Command that starts the server."
  :type '(repeat string)
  :group 'lsp-tightship)

(lsp-register-client
 (make-lsp-client
  :new-connection (lsp-stdio-connection (lambda () lsp-tightship-command))
  :activation-fn (lsp-activate-on "dockerfile" "yaml")
  :add-on? t
  :server-id 'tightship))

(lsp-consistency-check lsp-tightship)

(provide 'lsp-tightship)
;;; lsp-tightship.el ends here
