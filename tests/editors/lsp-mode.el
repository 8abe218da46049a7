;;; lsp-mode.el --- drives lsp-mode as a user would  -*- lexical-binding: t -*-
;; emacs --batch -q -l lsp-mode.el FOLDER CONFIGURATION
;; Prints what was seen as JSON, or null where lsp-mode, or a mode for one of the files,
;; is not installed.

(require 'json)
(package-initialize)

(defconst test-patience 20)
(defvar test-seen nil)
(defvar test-folder (file-name-as-directory (pop command-line-args-left)))
(defvar test-configuration (pop command-line-args-left))

(defun test-see (name value) (push (cons name value) test-seen))

(unless (and (require 'lsp-mode nil t) (require 'yaml-mode nil t)
             (require 'dockerfile-mode nil t))
  (princ "null\n")
  (kill-emacs 0))
(load test-configuration nil t t)

(setq lsp-session-file (concat test-folder ".lsp-session")
      lsp-auto-guess-root t
      lsp-enable-snippet nil
      lsp-diagnostics-provider :flymake
      vc-handled-backends nil
      make-backup-files nil)
(lsp-register-custom-settings '(("tightship.infos" t t)))
(lsp-workspace-folders-add test-folder)

(defun test-wait-for (what condition)
  (let ((end (+ (float-time) test-patience)))
    (while (and (not (funcall condition)) (< (float-time) end))
      (accept-process-output nil 0.05)))
  (unless (funcall condition) (error "Waited in vain for %s" what)))

(defun test-codes ()
  (mapcar #'lsp:diagnostic-code?
          (gethash (lsp--fix-path-casing buffer-file-name) (lsp-diagnostics))))

(defun test-open (name code)
  (find-file (concat test-folder name))
  (lsp)
  (test-wait-for name (lambda () (member code (test-codes)))))

;; An info is shown once the server has the settings.
(test-open "compose.yaml" "timezone-mount-writable")
(test-see 'compose (vconcat (test-codes)))
(defvar test-workspace (car (lsp-workspaces)))
(goto-char (point-min))
(search-forward "localtime:")
(let ((offered (lsp-code-actions-at-point)))
  (lsp-execute-code-action
   (cl-find "Mount it read-only" offered :test #'equal :key #'lsp:code-action-title)))
(test-wait-for "the finding to go"
               (lambda () (not (member "timezone-mount-writable" (test-codes)))))
(test-see 'compose-fixed (buffer-string))
(set-buffer-modified-p nil)

(test-open "Dockerfile" "add-instead-of-copy")
(test-see 'dockerfile (vconcat (test-codes)))
(test-see 'one-server (equal (list test-workspace) (lsp-workspaces)))
(lsp-execute-code-action-by-kind "source.fixAll.tightship")
(test-wait-for "the findings to go" (lambda () (null (test-codes))))
(test-see 'dockerfile-fixed (buffer-string))
(set-buffer-modified-p nil)

(let ((process (lsp--workspace-cmd-proc test-workspace)))
  (lsp-workspace-shutdown test-workspace)
  (test-wait-for "the server to end" (lambda () (not (process-live-p process)))))
(princ (json-encode test-seen))
(terpri)
;;; lsp-mode.el ends here
