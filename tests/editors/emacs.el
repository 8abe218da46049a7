;;; emacs.el --- drives eglot as a user would  -*- lexical-binding: t -*-
;; emacs --batch -Q -l emacs.el FOLDER CONFIGURATION
;; Prints what was seen as JSON.  Emacs 29 or newer has eglot and flymake built in.  The
;; configuration is what the documentation tells users to write.

(require 'eglot)
(require 'flymake)
(require 'json)

(defconst test-patience 20)
(defvar test-seen nil)

(defun test-see (name value) (push (cons name value) test-seen))

;; Edits are sent when a user pauses, and in batch mode there is nobody who could.
(defun test-pause ()
  (dolist (buffer (buffer-list))
    (with-current-buffer buffer
      (when (bound-and-true-p eglot--managed-mode)
        (eglot--signal-textDocument/didChange))))
  (accept-process-output nil 0.05))

(defun test-wait-for (what condition)
  (let ((end (+ (float-time) test-patience)))
    (while (and (not (funcall condition)) (< (float-time) end))
      (test-pause)))
  (unless (funcall condition) (error "Waited in vain for %s" what)))

;; Whatever mode a user has for these files; without tree-sitter's grammars, these.
(define-derived-mode dockerfile-mode prog-mode "Dockerfile")
(define-derived-mode yaml-mode text-mode "YAML")

(defvar test-folder (file-name-as-directory (pop command-line-args-left)))
(load (pop command-line-args-left) nil t t)

(setq eglot-sync-connect test-patience
      eglot-confirm-server-edits nil
      eglot-send-changes-idle-time 0
      vc-handled-backends nil
      project-find-functions (list (lambda (_) (cons 'transient test-folder))))

(defun test-open (name mode)
  (with-current-buffer (find-file-noselect (expand-file-name name test-folder))
    (funcall mode)
    (apply #'eglot--connect (eglot--guess-contact))
    (current-buffer)))

(defun test-findings (buffer)
  (with-current-buffer buffer
    (flymake-mode 1)
    (flymake-start)
    (mapcar #'flymake-diagnostic-text (flymake-diagnostics))))

(defun test-has (buffer code)
  (cl-some (lambda (text) (string-search code text)) (test-findings buffer)))

(defun test-go-to (buffer code)
  (set-buffer buffer)
  (goto-char (flymake-diagnostic-beg
              (cl-find-if (lambda (one) (string-search code (flymake-diagnostic-text one)))
                          (flymake-diagnostics)))))

(defun test-text (buffer) (with-current-buffer buffer (buffer-string)))

(defvar test-compose (test-open "compose.yaml" #'yaml-mode))
(defvar test-server (with-current-buffer test-compose (eglot-current-server)))
(defvar test-dockerfile
  (with-current-buffer (find-file-noselect (expand-file-name "Dockerfile" test-folder))
    (dockerfile-mode)
    (eglot--maybe-activate-editing-mode)
    (current-buffer)))
(test-see 'one-server
          (eq test-server (with-current-buffer test-dockerfile (eglot-current-server))))

;; An info is shown once the server has the settings.
(test-wait-for "compose.yaml" (lambda () (test-has test-compose "timezone-mount-writable")))
(test-wait-for "the Dockerfile"
               (lambda () (test-has test-dockerfile "add-instead-of-copy")))
(test-see 'compose (vconcat (test-findings test-compose)))
(test-see 'dockerfile (vconcat (test-findings test-dockerfile)))

;; A quick fix, chosen by its title.
(test-go-to test-compose "timezone-mount-writable")
(let* ((actions (eglot-code-actions (point) nil "quickfix" nil))
       (action (cl-find "Mount it read-only" actions
                        :test #'equal :key (lambda (one) (plist-get one :title)))))
  (unless action (error "Not offered, but %S" actions))
  (eglot-execute test-server action))
(test-wait-for "the finding to go"
               (lambda () (not (test-has test-compose "timezone-mount-writable"))))
(test-see 'compose-fixed (test-text test-compose))

;; All that is safe to fix.
(set-buffer test-dockerfile)
(eglot-code-actions (point-min) (point-max) "source.fixAll.tightship" t)
(test-wait-for "the findings to go" (lambda () (null (test-findings test-dockerfile))))
(test-see 'dockerfile-fixed (test-text test-dockerfile))

;; A stage is renamed in one buffer, and missed in the other; neither is saved.
(defun test-rename (from to)
  (with-current-buffer test-dockerfile
    (goto-char (point-min))
    (search-forward from (line-end-position))
    (replace-match to t t)))
(test-rename " AS app" " AS other")
(test-wait-for "the stage to be missed"
               (lambda () (test-has test-compose "undefined-stage")))
(test-rename " AS other" " AS app")
(test-wait-for "the stage to be found"
               (lambda () (not (test-has test-compose "undefined-stage"))))


;; Emacs 30.1 listens once after `exit', and kills a server that has not ended by then; the
;; end of its standard error is enough for that.  Let it listen until the server has ended.
(advice-add 'jsonrpc-shutdown :before
            (lambda (connection &rest _)
              (let ((process (jsonrpc--process connection)))
                (test-wait-for "the server to end"
                               (lambda () (not (process-live-p process)))))))
(defvar test-process (jsonrpc--process test-server))
(dolist (buffer (list test-compose test-dockerfile))
  (with-current-buffer buffer (set-buffer-modified-p nil)))
(eglot-shutdown test-server)
(test-see 'exit (process-exit-status test-process))
(princ (json-encode test-seen))
(terpri)
;;; emacs.el ends here
